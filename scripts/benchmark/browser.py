"""Somebody in front of the portal who speaks HTTP and nothing else: keeps cookies, fills the forms of a page."""

import re
import socket
from contextlib import closing
from dataclasses import dataclass, field
from html.parser import HTMLParser
from time import perf_counter
from typing import Self
from urllib.parse import urlencode

from espace_citoyen.demo.cast import PASSWORD

TIMEOUT = 10.0


def free_port() -> int:
    """Return a port that nobody listens on."""
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port: int = free.getsockname()[1]
    return port


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    body: bytes
    location: str
    cookies: tuple[str, ...]
    seconds: float


class Line:
    """One connection that is kept; a socket and little else, so that the client costs as little as it can."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket: socket.socket | None = None
        self._rest = b""

    def ask(self, request: bytes) -> Answer:
        """Send a whole request and read a whole answer; OSError when the line breaks."""
        began = perf_counter()
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self._port), timeout=TIMEOUT)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            self._socket.sendall(request)
            head, body = self._read(self._socket)
        except OSError:
            self.close()
            raise
        status, _, headers = head.partition(b"\r\n")
        found = re.findall(rb"(?im)^(location|set-cookie): *([^\r\n;]*)", headers)
        return Answer(
            status=int(status.split()[1]),
            body=body,
            location=next((value.decode() for name, value in found if name.lower() == b"location"), ""),
            cookies=tuple(value.decode() for name, value in found if name.lower() == b"set-cookie"),
            seconds=perf_counter() - began,
        )

    def close(self) -> None:
        """Hang up; the next question calls again."""
        if self._socket is not None:
            self._socket.close()
        self._socket, self._rest = None, b""

    def _read(self, line: socket.socket) -> tuple[bytes, bytes]:
        data = self._rest
        while b"\r\n\r\n" not in data:
            data += self._more(line)
        head, _, body = data.partition(b"\r\n\r\n")
        (length,) = re.findall(rb"(?i)content-length: *(\d+)", head) or (b"0",)
        while len(body) < int(length):
            body += self._more(line)
        self._rest = body[int(length) :]
        return head, body[: int(length)]

    @staticmethod
    def _more(line: socket.socket) -> bytes:
        received = line.recv(1 << 18)
        if not received:
            raise ConnectionResetError("the server hung up")
        return received


@dataclass
class Form:
    """A form of a page: where it goes and what it would send as it is."""

    action: str
    values: dict[str, str] = field(default_factory=dict)


def forms_of(page: str) -> list[Form]:
    """Return the forms of a page."""
    parser = _Forms()
    parser.feed(page)
    return parser.found


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append(Form(given.get("action", "")))
        elif tag in ("input", "textarea") and self.found and "name" in given:
            self.found[-1].values[given["name"]] = given.get("value", "")


class Browser:
    """A visitor with cookies; signs in, follows, posts."""

    def __init__(self, port: int) -> None:
        self.line = Line(port)
        self._cookies: dict[str, str] = {}
        self.page = ""

    def get(self, path: str) -> Answer:
        """Ask for a page."""
        return self._keep(self.line.ask(self.request("GET", path)))

    def post(self, path: str, values: dict[str, str]) -> Answer:
        """Send a form."""
        return self._keep(self.line.ask(self.request("POST", path, values)))

    def request(self, method: str, path: str, values: dict[str, str] | None = None) -> bytes:
        """Return the bytes of a request in this visitor's name, to be sent again and again."""
        body = urlencode(values).encode() if values else b""
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        lines = [f"{method} {path} HTTP/1.1", "Host: localhost", f"Cookie: {cookies}"]
        if values:
            lines += [f"Content-Length: {len(body)}", "Content-Type: application/x-www-form-urlencoded"]
        return "\r\n".join([*lines, "", ""]).encode() + body

    def form(self, action_ends: str) -> Form:
        """Return the last form of the page whose address ends so."""
        return [form for form in forms_of(self.page) if form.action.endswith(action_ends)][-1]

    def sign_in(self, username: str, password: str = PASSWORD) -> int:
        """Sign in and return the status: 303 for who is let in."""
        self.get("/connexion")
        token = self.form("/connexion").values["csrf_token"]
        return self.post("/connexion", {"csrf_token": token, "username": username, "password": password}).status

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self.line.close()

    def _keep(self, answer: Answer) -> Answer:
        self._cookies |= dict(cookie.split("=", 1) for cookie in answer.cookies if "=" in cookie)
        self.page = answer.body.decode()
        return answer
