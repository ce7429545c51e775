"""An MCP server with the standard library of Python alone. It keeps a note for each caller."""

import base64
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

notes = {}


def claims_of(authorization):
    """Reads the assertion without verifying it: the standard library has no ES256."""
    payload = authorization.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


def answer(message, caller):
    method = message["method"]
    if method == "initialize":
        version = message["params"]["protocolVersion"]
        info = {"name": "python", "version": "1"}
        return {"protocolVersion": version, "capabilities": {"tools": {}}, "serverInfo": info}
    if method == "tools/list":
        schema = {"type": "object", "properties": {}}
        names = ["whoami", "write", "read", "number"]
        return {"tools": [{"name": name, "inputSchema": schema} for name in names]}
    if method == "tools/call":
        name = message["params"]["name"]
        given = message["params"].get("arguments", {})
        if name == "write":
            notes[caller] = given["text"]
        text = {
            "whoami": caller,
            "number": repr(given.get("value")),
        }.get(name, notes.get(caller, ""))
        return {"content": [{"type": "text", "text": text}]}
    return {}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body leave together. Otherwise the body waits 40 ms for an acknowledgement.
    wbufsize = -1

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        message = json.loads(body)
        if "id" not in message:
            self.send_response(202)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        result = answer(message, claims_of(self.headers["Authorization"])["sub"])
        reply = json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": result}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(reply)))
        self.end_headers()
        self.wfile.write(reply)

    def log_message(self, *given):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
print(server.server_address[1], flush=True)
server.serve_forever()
