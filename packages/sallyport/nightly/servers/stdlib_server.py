"""An MCP server with the standard library of Python alone: over stdio, or with `http` over HTTP."""

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

NUMBERS = {"type": "object", "properties": {"a": {"type": "number"}, "b": {"type": "number"}}}


def answer(message):
    method, params = message["method"], message.get("params", {})
    if method == "initialize":
        return {
            "protocolVersion": "2025-06-18",
            "capabilities": {"tools": {}},
            "serverInfo": {"name": "python", "version": "1"},
        }
    if method == "tools/list":
        return {"tools": [{"name": "add", "description": "Adds", "inputSchema": NUMBERS}]}
    if method == "tools/call":
        given = params["arguments"]
        return {"content": [{"type": "text", "text": str(given["a"] + given["b"])}]}
    return None


def reply_to(line):
    message = json.loads(line)
    if "id" not in message:
        return None
    result = answer(message)
    reply = {"jsonrpc": "2.0", "id": message["id"]}
    if result is None:
        return reply | {"error": {"code": -32601, "message": "Method not found"}}
    return reply | {"result": result}


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        reply = reply_to(self.rfile.read(int(self.headers["Content-Length"])))
        body = b"" if reply is None else json.dumps(reply).encode()
        self.send_response(202 if reply is None else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *given):
        pass


if sys.argv[1:] == ["http"]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_address[1], flush=True)
    server.serve_forever()
for line in sys.stdin:
    reply = reply_to(line)
    if reply is not None:
        print(json.dumps(reply), flush=True)
