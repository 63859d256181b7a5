# The service in a container; compose.yaml adds a cluster for sweeps. docs/api.md says how to use it.
FROM python:3.11-slim

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1

WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY inputs inputs
COPY model model
COPY outputs outputs
COPY cli cli
RUN pip install -c constraints.txt ".[service,cluster]" && rm -rf /src/*

RUN useradd --system --uid 10001 --home-dir /data stockpile && mkdir /data && chown stockpile /data
USER stockpile
WORKDIR /data
VOLUME /data
EXPOSE 8700

HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8700/api/health', timeout=4)"]

CMD ["stockpile", "serve", "--host", "0.0.0.0", "--data", "/data", "--token-file", "/run/secrets/token"]
