FROM python:3.11-slim AS build
WORKDIR /src
COPY requirements.txt ./
RUN python -m venv /opt/rankshift \
    && /opt/rankshift/bin/pip install --no-cache-dir --require-hashes -r requirements.txt
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY cogs cogs
COPY storage storage
RUN /opt/rankshift/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.11-slim
RUN useradd --system --uid 10001 --no-create-home --home-dir /data rankshift \
    && install --directory --mode=0700 --owner=rankshift --group=rankshift /data
COPY --from=build /opt/rankshift /opt/rankshift
# Caches lie in /tmp: nothing else than /data and /tmp is ever written, so the rest may be read-only.
ENV PATH=/opt/rankshift/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    MPLCONFIGDIR=/tmp/matplotlib \
    HF_HOME=/tmp/huggingface \
    RANKSHIFT_DATA_DIR=/data \
    RANKSHIFT_LOG_FORMAT=json
USER 10001
WORKDIR /data
VOLUME /data
# Where the evidence pages are served if RANKSHIFT_HTTP_BIND is 0.0.0.0:8080; unset, nothing is.
EXPOSE 8080
# The running bot touches this file every 30 seconds.
HEALTHCHECK --interval=60s --timeout=5s --start-period=60s --retries=3 \
    CMD ["sh", "-c", "test $(($(date +%s) - $(stat -c %Y /data/heartbeat))) -lt 120"]
ENTRYPOINT ["rankshift"]
CMD ["run"]
