"""What each column of a view is: its SQL type, its label and its unit, once for all views.

The same quantity has the same name everywhere, so a column is described here and only named in the head of a
view's file.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["VIEW_COLUMNS", "ViewColumn"]


@dataclass(frozen=True, slots=True)
class ViewColumn:
    """One column of a view's result.

    Parameters
    ----------
    name : str
        Quantity and unit: ``planned_gbp``.
    type : str
        SQL type of the result: ``DECIMAL(18,2)``, ``DATE`` …
    label : str
        Heading in a table.
    unit : str or None
        ``£``, ``share`` (0 to 1), ``days`` … None for words, ids and dates.
    """

    name: str
    type: str
    label: str
    unit: str | None = None


_TEXT, _DAY, _FLAG, _WHOLE = "VARCHAR", "DATE", "BOOLEAN", "BIGINT"
_MONEY, _AMOUNT, _RATIO, _INDEX = "DECIMAL(18,2)", "DECIMAL(18,4)", "DOUBLE", "INTEGER"

_IDS = """
partnership_id|Partnership id
agency_id|Agency id
to_agency_id|To agency id
other_agency_id|Other agency id
goal_id|Goal id
measure_id|Measure id
bhag_measure_id|Measure id of the big goal
benefit_id|Benefit id
item_id|Work item id
commitment_id|Promise id
named_agency_id|Agency id in the plan
holder_id|Agency id of the holder
counterpart_id|Counterpart id
definition_id|Definition id
least_agency_id|Agency id, least
most_agency_id|Agency id, most
giver_id|Giver id
getter_id|Getter id
expectation_id|Expectation id
earliest_agency_id|Agency id, earliest
latest_agency_id|Agency id, latest
contribution_id|Contribution id
oldest_commitment_id|Promise id, oldest overdue
"""

_WORDS = """
name|Name
title|Title
bhag|Shared goal
bhag_measure_name|Measure of the shared goal
bhag_unit|Unit
bhag_polarity|Better when
latest_state|State of the latest reading
latest_missing|Why the latest value is missing
price_year|Price year
measure_name|Measure
measure_unit|Unit
compared_unit|Unit it is compared in
measure_per|Compared per
unit|Unit
polarity|Better when
agency_code|Code
agency_name|Agency
label|As published
missing|Why missing
missing_note|Reason given
whole_life_missing|Why the whole-life value is missing
state|State
source|Source
goal_title|Goal
direction|Gives or gets
answer|Answer
per|Per
scope|Area or group
definition_note|What it counts
least_agency_name|Least, by
most_agency_name|Most, by
earliest_agency_name|Earliest, by
latest_agency_name|Latest, by
standing|Standing
band|Band
kind_of_gap|Why they differ
giver_code|Giver code
giver_name|Gives
getter_code|Getter code
getter_name|Gets
short|Who falls short
change|Since the review before
benefit_class|Class
function|Function
category|Category
falls_to|Falls to
owner_role|Benefit owner
validator_role|Validated by
kind|Kind
to_agency_code|To, code
to_agency_name|To
taken_over_from|Taken over from
benefit_title|Benefit
evidence|Evidence
oldest_title|Oldest overdue promise
stale_measure|Measure longest without a reading
actor|Who
actor_kind|Known by
what|What
reason|Why
source_name|Source
cell|Cell
record_key|Row
field|Field
formula|Formula
subject|Kind of talk
other_agency_name|With
other_agency_code|With, code
least_note|What the lesser counts
most_note|What the greater counts
step|Step
distribution|Spread
stage|Planned or paid
form|Cash or in kind
nature|Revenue or capital
funding|Funding
agreed|Agreed
mark|Mark
short_name|Short name
sector|Sector
duty|Duty
widest_measure_name|Measure with the widest gap
widest_unit|Unit of the widest gap
widest_per|Per, in the widest gap
widest_least_name|Least expected, by
widest_most_name|Most expected, by
promised_state|State of a promise that waits
succeeded_by_name|Succeeded by
work_function|Function
population|Population
theme|Theme
habit|Habit
habit_evidence|Evidence for the habit
status|Where it stands
part|Part
"""

_DAYS = """
baseline_on|Day of the baseline
target_on|By when
latest_period|Latest month
last_board_period|Month known at the last board
withdrawn_on|Taken back on
last_board_on|Last board
next_board_on|Coming board
data_to|Data to
period|Month
expected_by|Expected by
stated_on|Said on
earliest_on|Earliest
latest_on|Latest
review_on|Review
first_results_by|Needs first results by
plan_end_period|Last month of the plan
first_planned_period|First month planned
first_real_period|First month real
year_end_period|Last month of the financial year
last_reviewed_on|Last reviewed
made_on|Promised on
due_on|Due
current_due_on|Due now
delivered_on|Delivered on
latest_read_on|Handed in on
since_period|Since
from_on|From
to_on|Until
joined_on|Joined
left_on|Left
oldest_due_on|Due date of the oldest
funding_ends_on|Funding ends
agreed_on|Agreed on
starts_on|Starts
expected_on|Now expected
done_on|Done
"""

_POUNDS = """
original_gbp|Original plan
planned_gbp|Planned
realised_gbp|Real
compared_gbp|Planned where read
not_read_gbp|Planned but not read
hidden_gbp|Plan that cannot be seen, harms as large as benefits
cum_original_gbp|Original plan, running total
cum_planned_gbp|Planned, running total
cum_realised_gbp|Real, running total
cum_compared_gbp|Planned where read, running total
behind_gbp|Behind the plan that it can be compared with
withheld_gbp|Planned, reading withheld
not_provided_gbp|Planned, reading not provided
too_early_gbp|Planned, too early to read
suppressed_gbp|Planned, reading suppressed
blank_gbp|Planned, no reading at all
plan_total_gbp|Whole plan
original_total_gbp|Whole original plan
year_planned_gbp|Planned by the end of the financial year
year_original_gbp|Originally planned by the end of the financial year
provisional_gbp|Real, provisional
twice_planned_gbp|Planned to date, counted twice
twice_compared_gbp|Planned where read, counted twice
twice_realised_gbp|Real, counted twice
twice_plan_total_gbp|Whole plan, counted twice
net_planned_gbp|Planned to date, net of double counting
net_compared_gbp|Planned where read, net of double counting
net_realised_gbp|Real, net of double counting
net_plan_total_gbp|Whole plan, net of double counting
full_year_gbp|Value in a full year
whole_life_gbp|Value over its whole life
held_up_gbp|Holds up
paid_gbp|Pays in
gained_gbp|Gains, gross
net_gbp|Gains less pays, gross
twice_gained_gbp|Gains, counted twice
net_gained_gbp|Gains, net of double counting
net_position_gbp|Gains less pays, net of double counting
not_agreed_gbp|Not yet agreed
at_stake_gbp|Benefit that rests on it
amount_gbp|Amount
"""

_COUNTS = """
agencies|Agencies|agencies
items|Work items|items
goals|Goals|goals
benefits|Benefits|benefits
partners_answered|Partners that answered|partners
partners_unanswered|Partners that did not answer|partners
partners_expecting_none|Partners that expect none|partners
definitions|Definitions used|definitions
givers|Partners that give|partners
months_apart|Months apart|months
scopes|Areas or groups meant|scopes
units|Units used|units
provisional_months|Provisional months|months
months_off_plan|Months off plan|months
times_moved|Times moved|times
days_late|Days late|days
held_up_months|Months held up|months
made|Promised|promises
due|Fallen due|promises
kept_on_time|Kept on time|promises
kept_late|Kept late|promises
overdue|Overdue|promises
not_yet_due|Not yet due|promises
withdrawn|Withdrawn|promises
oldest_days_late|Days late, oldest|days
seq|Change|
new_rows|New|rows
changed_rows|Changed|rows
removed_rows|Removed|rows
formula_cells|Worked out by a formula|cells
refused_findings|Findings that refused it|findings
place|Place|
asked|Asked for|answers
missing_answers|Answers missing|answers
read_cells|Read|readings
withheld_cells|Withheld|readings
not_provided_cells|Not provided|readings
too_early_cells|Too early|readings
suppressed_cells|Suppressed|readings
blank_cells|No reading|readings
expected_cells|Expected|readings
provisional_cells|Provisional|readings
approved_cells|Approved|readings
unnamed_cells|Approved, by nobody named|readings
owner_approved_cells|Approved by its own owner|readings
unread_months|Months of the plan not read|months
gaps|Measures compared|measures
aligned|Aligned|measures
discuss|To discuss|measures
redefine|To stop and re-define|measures
expecting_none|Measures of which a partner expects none|measures
not_enough|Measures without enough answers|measures
off_plan|Off plan|benefits
off_plan_three_months|Off plan three months running or more|benefits
stale_series|Series without a fresh reading|series
confidence_grade|Grade of evidence|
financial_year|Financial year starts in|
linked_overdue|Overdue promises that it waits for|promises
parts_without_hours|Agencies that say no hours|agencies
keyed_again|Keyed again|times
"""

_RATIOS = """
common_rate|On the common rate|
least_rate|Least|
most_rate|Most|
ratio_numerator|Most, above the line|
ratio_denominator|Least, below the line|
ratio|Times apart|times
offered_rate|Offered|
expected_rate|Expected|
given_rate|Given in all
given_share|Given of the target|share
realised_share|Real of planned|share
coverage_share|Read of planned|share
on_time_share|Kept on time of those due|share
paid_share|Share of what is paid in|share
gained_share|Share of what is gained|share
read_share|Read of expected|share
planned_value|Planned by now|
widest_ratio|Widest gap|times
widest_least_rate|Least expected in the widest gap|
widest_most_rate|Most expected in the widest gap|
"""

_AMOUNTS = """
baseline_value|Baseline
target_value|Target
latest_value|Latest value
last_board_value|Value at the last board
value|Value
numerator|Above the line
denominator|Below the line
quantity|As said
low|Low
high|High
total_value|Total
hours_now|Hours a week now|hours
hours_after|Hours a week after the change|hours
hours_freed|Hours a week expected to be freed|hours
volume_a_year|Cases a year|cases
effort_days|Days of effort|days
meetings_a_month|Meetings a month|meetings
travel_hours_a_month|Hours of travel a month|hours
"""

_FLAGS = """
counts_people|Counts people
is_disbenefit|Dis-benefit
is_counted|In the totals
is_provisional|Provisional
is_to_date|To date
has_reading|Read
is_partial|Partial
is_claimed_again|Claims what another benefit claims
is_partner|Partner
is_shared_now|In the shared system now
is_shared_planned|To be in the shared system
"""

_INDEXES = """
period_index|Month number
first_year|First financial year compared
last_year|Last financial year compared
latest_index|Month number of the latest reading
"""


def _columns(lines: str, sql_type: str, unit: str | None = None) -> dict[str, ViewColumn]:
    parts = [line.split("|") for line in lines.strip().splitlines()]
    return {p[0]: ViewColumn(p[0], sql_type, p[1], (p[2] or None) if len(p) > 2 else unit) for p in parts}


VIEW_COLUMNS: dict[str, ViewColumn] = {
    **_columns(_IDS, _TEXT),
    **_columns(_WORDS, _TEXT),
    **_columns(_DAYS, _DAY),
    **_columns(_POUNDS, _MONEY, "£"),
    **_columns(_COUNTS, _WHOLE),
    **_columns(_RATIOS, _RATIO),
    **_columns(_AMOUNTS, _AMOUNT),
    **_columns(_FLAGS, _FLAG),
    **_columns(_INDEXES, _INDEX),
    "recorded_at": ViewColumn("recorded_at", "TIMESTAMP", "When"),
}
"""Every column that a view may have, by name."""
