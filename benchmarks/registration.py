"""How long each step of registering takes, from sign-up to the submitted profile.

    python -m benchmarks.registration [--organisations N] [--walks W] [--folder F] [--json FILE]

Newcomers walk the whole path one after the other through gunicorn, on a database with N invented
organisations (the one of `benchmarks.web`; it is filled once and kept in the folder). Every request
is timed by itself: pages as well as what is sent. The code of the e-mail is read where a
demonstration keeps its messages.
"""

import argparse
import http.client
import json
import os
import re
import secrets
import signal
import sys
import time
from collections import defaultdict
from html import unescape
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from benchmarks.web.__main__ import fill
from benchmarks.web.load import Load
from benchmarks.web.server import serving
from config.embedded import default_data_folder
from config.serve import HOST, WORKERS

HIDDEN: Final = re.compile(r'<input[^>]*type="hidden"[^>]*>')
ATTRIBUTE: Final = re.compile(r'(name|value)="([^"]*)"')
KEPT: Final = {"csrfmiddlewaretoken", "token", "seen", "opened"}
CONCEPT: Final = re.compile(r'name="concept" value="(\d+)"')
CODE: Final = re.compile(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$", re.MULTILINE)
NAMES: Final = ("Hydrogen", "Energy", "Research", "Systems", "Institute", "Valley", "Mobility")


class Newcomer:
    """One browser without JavaScript: cookies, forms, and a clock."""

    def __init__(self, port: int, mail: Path, times: dict[str, Load]) -> None:
        self.port, self.mail, self.times = port, mail, times
        self.cookies: dict[str, str] = {}
        self.page = ""

    def ask(self, what: str, path: str, data: dict[str, Any] | None = None) -> str:
        """Send one request, time it, and return where it leads."""
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        body = None
        if data is not None:
            body = urlencode(data, doseq=True)
            headers |= {"Content-Type": "application/x-www-form-urlencoded"}
        connection = http.client.HTTPConnection(HOST, self.port, timeout=300)
        began = time.perf_counter()
        connection.request("GET" if data is None else "POST", path, body, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        took = (time.perf_counter() - began) * 1000
        for cookie in answer.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(cookie).items():
                self.cookies[name] = morsel.value
        connection.close()
        if answer.status not in (200, 302, 303):
            heard = re.sub(r"<[^>]+>|\s+", " ", text)[:2000]
            raise RuntimeError(f"{what}: {path} answered {answer.status}: {heard}")
        self.times[what].milliseconds.append(took)
        if answer.status == 200:
            self.page = text
        elif data is None:
            raise RuntimeError(f"{what}: {path} leads to {answer.headers['Location']}")
        return answer.headers.get("Location", "")

    def send(self, what: str, path: str, **data: Any) -> str:
        """Send the form of the page that was seen last, with its hidden fields."""
        hidden = {}
        for field in HIDDEN.findall(self.page.split("<main", 1)[1].split("</main>")[0]):
            found = dict(ATTRIBUTE.findall(field))
            if found["name"] in KEPT:
                hidden[found["name"]] = unescape(found.get("value", ""))
        return self.ask(what, path, {**hidden, **data})

    def walk(self, number: int) -> None:
        """The whole path, once."""
        email = f"walker-{number}-{secrets.token_hex(4)}@example.org"
        name = f"{NAMES[number % len(NAMES)]} of walker {number} {secrets.token_hex(3)}"
        self.ask("sign up", "/accounts/signup/")
        self.send(
            "sign up, sent",
            "/accounts/signup/",
            email=email,
            password1=secrets.token_urlsafe(16),
            consent="on",
        )
        self.ask("code", "/accounts/confirm-email/")
        self.send("code, sent", "/accounts/confirm-email/", code=self.code_for(email))
        self.ask("find", "/organisations/register/")
        self.ask("find, results", f"/organisations/register/?{urlencode({'q': name})}")
        self.ask("register", f"/organisations/register/new/?{urlencode({'q': name})}")
        address = "/organisations/register/new/"
        new = {"name": name, "kind": "sme", "country": "PL", "city": "Kraków"}
        to = self.send("register, sent", address, **new)
        if not to:  # near-duplicates were shown: it is another one
            to = self.send("register, another one", address, **new)
        home = re.sub(r"/(profile/.*)?$", "/profile/", to)
        self.ask("profile", home)
        self.ask("who", f"{home}who/")
        self.ask("who, places", f"{home}who/?place_query=krakow")
        self.ask("who", f"{home}who/")
        self.send("who, sent", f"{home}who/", **new, nuts3="PL213")
        for step, words in (("offers", "hydrogen"), ("needs", "storage"), ("interests", "green")):
            self.ask(step, f"{home}{step}/")
            self.ask(f"{step}, search", f"{home}{step}/?q={words}")
            for concept in CONCEPT.findall(self.page)[:2]:
                self.send(f"{step}, add", f"{home}{step}/add/", concept=concept)
            self.ask(f"{step}, stated", f"{home}{step}/")
            self.send(
                f"{step}, own words", f"{home}{step}/", words="We build electrolysers for buses."
            )
        self.ask("chain", f"{home}chain/")
        self.send("chain, sent", f"{home}chain/")
        self.ask("wanted", f"{home}wanted/")
        self.send("wanted, sent", f"{home}wanted/", wanted_kinds="university")
        self.ask("languages", f"{home}languages/")
        self.send("languages, sent", f"{home}languages/", languages="pl")
        self.ask("suggestions", f"{home}suggestions/")
        self.ask("suggestions, everywhere", f"{home}suggestions/?everywhere=1")
        self.ask("overview with meter", home)
        self.send("submit", f"{home}submit/")

    def code_for(self, email: str) -> str:
        for message in sorted(self.mail.glob("*.log"), reverse=True):
            text = message.read_text()
            if email in text and (found := CODE.search(text)):
                return found[0]
        raise RuntimeError("there is no message with a code")


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.registration",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--organisations", type=int, default=100_000, metavar="N")
    parser.add_argument("--walks", type=int, default=20, metavar="W")
    parser.add_argument("--workers", type=int, default=WORKERS, metavar="W")
    parser.add_argument("--folder", type=Path, help="where the benchmark's database is kept")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the rows as JSON")
    options = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.unlimited"
    folder = options.folder or default_data_folder() / "benchmarks-web"
    os.environ["REGIONS_MEET_DATA"] = str(folder.resolve())
    for name in ("DATABASE_URL", "MATCH_INDEX_DIR", "STATIC_ROOT", "EMAIL_URL"):
        os.environ.pop(name, None)
    fill(options.organisations, dict(os.environ))
    times: dict[str, Load] = defaultdict(Load)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with serving(dict(os.environ), workers=options.workers) as port:
        for number in range(2 * options.workers):  # each worker compiles and opens the index
            Newcomer(port, folder / "mail", defaultdict(Load)).walk(number)
        for number in range(options.walks):
            Newcomer(port, folder / "mail", times).walk(number)
    rows = [
        {
            "step": step,
            "requests": len(found.milliseconds),
            "p50_ms": round(found.percentile(0.50), 1),
            "p95_ms": round(found.percentile(0.95), 1),
            "most_ms": round(max(found.milliseconds), 1),
        }
        for step, found in times.items()
    ]
    print(f"{options.organisations:,} organisations, {options.walks} walks, one after the other")
    print(f"{'':<26}{'requests':>9}{'p50 ms':>9}{'p95 ms':>9}{'most ms':>9}")
    for row in rows:
        print(
            f"{row['step']:<26}{row['requests']:>9}{row['p50_ms']:>9}"
            f"{row['p95_ms']:>9}{row['most_ms']:>9}"
        )
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
