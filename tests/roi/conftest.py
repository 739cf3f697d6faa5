from roi_building import county, county_appraisal

__all__ = ["county", "county_appraisal"]
