"""An MCP server that reads a message in every way that some parser reads it, and marks what it finds.

It takes the first, the last and each other of members that stand twice, ignores letter case, reads every charset,
and believes header fields and query parameters. Arguments: `http` or `stdio`, and the file for its marks.
"""

import gzip
import json
import sys
import unicodedata
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote_plus, urlsplit

CHARSETS = ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-7", "latin-1"]
transport, marks = sys.argv[1:]


class Members(list):
    """The members of an object, with those that stand twice."""

    def named(self, name):
        return [value for key, value in self if fold(key) == name]


def fold(text):
    plain = unicodedata.normalize("NFKC", str(text)).casefold()
    return plain.replace("\0", "").strip()


def mark(what, source=""):
    with open(marks, "a", encoding="utf-8") as file:
        file.write(json.dumps([what, repr(source)]) + "\n")


def parse(text):
    """Every JSON value in the text: the whole, each line, and documents that follow each other."""
    found = []
    decoder = json.JSONDecoder(object_pairs_hook=Members)
    for piece in [text, *text.split("\n"), unquote_plus(text).rstrip("=")]:
        rest = piece.strip("\0 \t\r\n\ufeff")
        while rest:
            try:
                value, end = decoder.raw_decode(rest)
            except ValueError:
                break
            found.append(value)
            rest = rest[end:].strip("\0 \t\r\n/")
    return found


def texts_of(body):
    bodies = [body]
    for inflate in (gzip.decompress, zlib.decompress):
        try:
            bodies.append(inflate(body))
        except (OSError, EOFError, zlib.error):
            pass
    for each in bodies:
        for charset in CHARSETS:
            try:
                yield each.decode(charset)
            except UnicodeError:
                pass


def flat(value):
    """The text of a value, also of one in a list."""
    if isinstance(value, Members):
        return [text for _, inner in value for text in flat(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in flat(inner)]
    return [fold(value)]


def look_at(value, said):
    if isinstance(value, Members):
        look_at_message(value, said)
        for prototype in value.named("__proto__"):
            look_at(prototype, said)
    elif isinstance(value, list):
        for element in value:
            look_at(element, said)


def look_at_message(message, said):
    methods = {text for method in message.named("method") for text in flat(method)} | said["methods"]
    if "tools/call" not in methods:
        return
    names = set(said["names"])
    for params in message.named("params"):
        for each in parse(params) if isinstance(params, str) else [params]:
            if not isinstance(each, Members):
                continue
            names.update(text for name in each.named("name") for text in flat(name))
            for inherited in each.named("__proto__"):
                if isinstance(inherited, Members):
                    names.update(text for name in inherited.named("name") for text in flat(name))
    if "delete" in names:
        mark("write", (message, said))
    if "read" in names:
        mark("read", message)


def look_at_all(body, said=None):
    said = said or {"methods": set(), "names": set()}
    for text in dict.fromkeys(texts_of(body)):
        for value in parse(text):
            look_at(value, said)


def answer(body):
    """The answer of a plain server, which takes the last of members that stand twice."""
    message = json.loads(body)
    if not isinstance(message, dict) or "id" not in message:
        return None
    if message["method"] == "initialize":
        version = message["params"]["protocolVersion"]
        info = {"name": "every reading", "version": "1"}
        result = {"protocolVersion": version, "capabilities": {"tools": {}}, "serverInfo": info}
    else:
        result = {"content": []}
    return json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": result}).encode()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1

    def handle_any(self):
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        query = parse_qsl(urlsplit(self.path).query)
        override = self.headers.get_all("X-HTTP-Method-Override") or []
        said = {
            "methods": {fold(text) for text in self.headers.get_all("Mcp-Method") or []},
            "names": {fold(text) for text in self.headers.get_all("Mcp-Name") or []},
        }
        said["methods"].update(fold(value) for name, value in query if fold(name) == "method")
        said["names"].update(fold(value) for name, value in query if fold(name) == "name")
        if override or any(fold(name) == "_method" for name, _ in query):
            mark("override")
        look_at_all(body, said)
        try:
            reply = answer(body)
        except (ValueError, KeyError, TypeError):
            reply = None
        # Like a plain server, it knows POST alone.
        status = 405 if self.command != "POST" else 202 if reply is None else 200
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(reply or b"")))
        self.end_headers()
        self.wfile.write(reply or b"")

    do_POST = do_GET = do_DELETE = do_PUT = do_PATCH = do_OPTIONS = do_QUERY = handle_any

    def log_message(self, *given):
        pass


if transport == "http":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    print(server.server_address[1], flush=True)
    server.serve_forever()
for line in sys.stdin.buffer:
    look_at_all(line)
    reply = answer(line)
    if reply is not None:
        sys.stdout.buffer.write(reply + b"\n")
        sys.stdout.buffer.flush()
