from pathlib import Path

import nbformat
import pytest
from jupyter_client.manager import KernelManager
from nbclient import NotebookClient

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.fixture(scope="module")
def kernel():
    """One process for all notebooks, as loading the libraries is what takes its time; each begins without a name."""
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel(cwd=str(ROOT))
    client = manager.client()
    client.start_channels()
    yield manager, client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


@pytest.mark.slow
@pytest.mark.filterwarnings("default")  # the kernel's own machinery warns
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_notebook_runs_from_top_to_bottom(path, kernel):
    notebook = nbformat.read(path, as_version=4)
    forget = nbformat.v4.new_code_cell("%reset -f\nassert not {'store', 'plan', 'pl', 'BOARD'} & set(dir())")
    notebook.cells.insert(0, forget)
    runner = NotebookClient(notebook, km=kernel[0], timeout=240)
    runner.kc = kernel[1]
    runner.execute()
    del notebook.cells[0]
    outputs = [o for cell in notebook.cells if cell.cell_type == "code" for o in cell.outputs]
    assert not [o for o in outputs if o.output_type == "error"]
    charts = [
        o.data["application/vnd.plotly.v1+json"]
        for o in outputs
        if "application/vnd.plotly.v1+json" in o.get("data", {})
    ]
    assert charts
    assert all(c["config"]["showSendToCloud"] is False and not c["config"]["plotlyServerURL"] for c in charts)
    assert len([o for o in outputs if o.output_type in {"execute_result", "stream", "display_data"}]) > 8


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_notebook_is_committed_without_outputs(path):
    notebook = nbformat.read(path, as_version=4)
    assert [c for c in notebook.cells if c.cell_type == "code" and (c.outputs or c.execution_count)] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_notebook_defines_nothing_reusable(path):
    notebook = nbformat.read(path, as_version=4)
    assert [
        c for c in notebook.cells if c.cell_type == "code" and ("def " in c.source or "class " in c.source)
    ] == []
