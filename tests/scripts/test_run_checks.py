"""The summary of the checks names what failed and what was left out."""

import sys

from scripts.run_checks import Step, left_out_of, run

REPORT = """<testsuites><testsuite>
<testcase classname="tests.a" name="one"/>
<testcase classname="tests.browser" name="two"><skipped message="no Chromium"/></testcase>
<testcase classname="tests.browser" name="three"><skipped message="no Chromium"/></testcase>
</testsuite></testsuites>"""


def test_skipped_tests_are_left_out_by_name_and_reason(tmp_path):
    report = tmp_path / "report.xml"
    report.write_text(REPORT)
    assert left_out_of(report) == ["2 of tests.browser: no Chromium"]
    assert left_out_of(tmp_path / "missing.xml") == []


def test_a_step_reports_how_it_ended(capfd):
    assert run(Step("good", [sys.executable, "-c", "print('done')"]))
    assert not run(Step("bad", [sys.executable, "-c", "raise SystemExit(3)"]))
    printed = capfd.readouterr().out
    assert "done" in printed
    assert "bad FAILED" in printed
