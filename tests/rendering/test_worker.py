"""Whatever a text does to the renderer, the caller goes on, and the next text is rendered."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from academy.rendering import child, worker
from academy.rendering.markdown import render
from academy.rendering.results import Heading, Passage, RenderingRefused
from academy.rendering.worker import render_safely

SAMPLE = "# A\n\n- [x] [[b|c]]\n\n![](d.png)\n\n### é\n\n" + "mot " * 200


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    yield
    worker.stop()


def pid() -> int:
    assert worker._child is not None
    return worker._child.pid


def refusal(source: str) -> RenderingRefused:
    with pytest.raises(RenderingRefused) as error:
        render_safely(source)
    return error.value


def is_zombie(process: int) -> bool:
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"


def script(monkeypatch: pytest.MonkeyPatch, answer: str, setting: str = "") -> None:
    """Run the real child with another answer in place of the rendering."""
    code = (
        "import os, signal, sys, time; from academy.rendering import child; "
        f"{setting}answer = lambda request: {answer}; child._set_limits(); child._serve(answer)"
    )
    monkeypatch.setattr(worker, "COMMAND", [sys.executable, "-c", code])


def test_the_worker_gives_what_rendering_in_process_gives():
    rendered = render_safely(SAMPLE, link_prefix="/x/", first_line=9, language="en")
    assert rendered == render(SAMPLE, link_prefix="/x/", first_line=9, language="en")
    assert isinstance(rendered.outline[0], Heading)
    assert isinstance(rendered.passages[0], Passage)
    assert isinstance(rendered.passages[-1].path, tuple)


def test_refusals_pass_through_with_their_line():
    refused = refusal("a\n\n" + ">" * 40 + "b")
    assert (refused.code, refused.line, refused.limit) == ("too_deep", 3, 14)
    with pytest.raises(RenderingRefused) as error:
        render_safely("a\n\0", first_line=10)
    assert (error.value.code, error.value.line) == ("nul_character", 11)


def test_one_child_serves_many_texts():
    render_safely("a")
    first = pid()
    for number in range(20):
        assert render_safely(f"mot {number}").text == f"mot {number}"
    assert pid() == first


def test_the_child_knows_nothing_of_the_academy_but_its_rendering():
    code = f"""
import runpy, sys
child = runpy.run_path({child.__file__!r})
child["main"].__globals__["_set_limits"] = lambda: None
child["main"].__globals__["_serve"] = lambda answer: print(answer({{"source": "*a*"}})["html"])
child["main"]()
heavy = {{"flask", "sqlalchemy", "werkzeug", "numpy", "whoosh"}}
print(heavy & {{name.partition(".")[0] for name in sys.modules}}, hasattr(sys.modules["academy"], "create_app"))
"""
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True, cwd="/")
    assert done.stdout == "<p><em>a</em></p>\nset() False\n"


def test_a_child_that_was_killed_is_replaced():
    render_safely("a")
    os.kill(pid(), signal.SIGKILL)
    assert render_safely("b").text == "b"
    os.kill(pid(), signal.SIGTERM)
    time.sleep(0.05)
    assert render_safely("c").text == "c"


def test_a_child_killed_while_it_renders_is_replaced_once(monkeypatch: pytest.MonkeyPatch, tmp_path):
    flag = tmp_path / "flag"
    ok = "{'html': request['source'], 'text': '', 'outline': [], 'passages': [], 'links': [], 'lints': []}"
    first_time = (
        f"not os.path.exists({str(flag)!r}) and (open({str(flag)!r}, 'w'), os.kill(os.getpid(), signal.SIGKILL))"
    )
    script(monkeypatch, f"({first_time}) or {ok}")
    assert render_safely("a").html == "a"
    assert flag.exists()
    script(monkeypatch, "os.kill(os.getpid(), signal.SIGKILL)")
    worker.stop()
    assert refusal("a").code == "too_big"


def test_too_much_processor_time_is_cut_off(monkeypatch: pytest.MonkeyPatch):
    script(monkeypatch, "[None for _ in iter(int, 1)]", setting="child.CPU_SECONDS = 0.2; ")
    refused = refusal("a")
    assert (refused.code, refused.limit) == ("too_slow", 2)
    monkeypatch.undo()
    assert render_safely("b").text == "b"


def test_the_real_limit_is_two_seconds_and_half_a_gigabyte():
    assert (child.CPU_SECONDS, child.MEMORY_BYTES) == (2.0, 512 * 1024 * 1024)


def test_too_much_memory_is_cut_off(monkeypatch: pytest.MonkeyPatch):
    script(monkeypatch, "bytearray(600 * 1024 * 1024)")
    refused = refusal("a")
    assert (refused.code, refused.limit) == ("too_big", child.MEMORY_BYTES)
    monkeypatch.undo()
    assert render_safely("b").text == "b"


def test_a_child_that_sleeps_is_cut_off(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(worker, "WALL_SECONDS", 0.5)
    script(monkeypatch, "time.sleep(60)")
    assert refusal("a").code == "too_slow"


def test_a_child_that_is_stopped_is_cut_off(monkeypatch: pytest.MonkeyPatch):
    render_safely("a")
    monkeypatch.setattr(worker, "WALL_SECONDS", 0.5)
    os.kill(pid(), signal.SIGSTOP)
    assert refusal("b " * 60_000).code == "too_slow"


def test_a_crash_in_c_is_no_fault_of_the_server(monkeypatch: pytest.MonkeyPatch):
    script(monkeypatch, "os.abort()")
    assert refusal("a").code == "too_big"


def test_a_bug_refuses_one_text_only(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]):
    ok = "{'html': 'h', 'text': '', 'outline': [], 'passages': [], 'links': [], 'lints': []}"
    script(monkeypatch, f"1 / 0 if request['source'] == 'bad' else {ok}")
    assert refusal("bad").code == "failed"
    first = pid()
    assert render_safely("good").html == "h"
    assert pid() == first
    assert "ZeroDivisionError" in capfd.readouterr().err


def test_a_print_in_the_child_breaks_nothing(monkeypatch: pytest.MonkeyPatch):
    script(monkeypatch, "print('x' * 100) or {'refused': ['nul_character', 1, None]}")
    assert refusal("a").code == "nul_character"


def test_a_busy_renderer_refuses_after_a_while(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(worker, "TURN_SECONDS", 0.05)
    with worker._turn:
        assert refusal("a").code == "busy"


def test_threads_take_turns():
    results: dict[int, str] = {}

    def work(number: int) -> None:
        for turn in range(10):
            results[number * 100 + turn] = render_safely(f"quai {number} {turn} " * 50).text

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 40
    assert all(text.startswith(f"quai {key // 100} {key % 100} ") for key, text in results.items())


def test_a_forked_process_has_a_child_of_its_own():
    code = (
        "import os, sys; from academy.rendering import worker\n"
        "assert worker.render_safely('parent').text == 'parent'\n"
        "first = worker._child.pid\n"
        "forked = os.fork()\n"
        "if forked == 0:\n"
        "    assert worker._child is None\n"
        "    ok = worker.render_safely('fork').text == 'fork' and worker._child.pid != first\n"
        "    worker.stop()\n"
        "    os._exit(0 if ok else 1)\n"
        "assert os.waitpid(forked, 0)[1] == 0\n"
        "assert worker.render_safely('again').text == 'again' and worker._child.pid == first\n"
        "print(first)\n"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    with pytest.raises(ProcessLookupError):  # the child goes with its parent
        os.kill(int(done.stdout), 0)


def test_a_child_ends_when_its_parent_is_killed():
    code = (
        "import os, signal; from academy.rendering import worker; worker.render_safely('a'); "
        "print(worker._child.pid, flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    orphan = int(done.stdout)
    for _ in range(100):
        if not Path(f"/proc/{orphan}").exists() or is_zombie(orphan):
            return
        time.sleep(0.05)
    pytest.fail("the child outlives its parent")
