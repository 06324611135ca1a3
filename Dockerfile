# One image for web, worker, beat, relay, sealer and migrations; docker-compose.yml says which.
# Base images and versions are those of docker-compose.yml and requirements.lock.
FROM python:3.13-slim AS packages

WORKDIR /srv/suhada
COPY requirements.lock ./
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check \
       --no-deps --require-hashes --only-binary=:all: -r requirements.lock

FROM python:3.13-slim

ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=backend.config.settings
RUN groupadd --system --gid 10001 suhada \
    && useradd --system --uid 10001 --gid suhada --no-create-home --home-dir /nonexistent suhada
WORKDIR /srv/suhada
COPY --from=packages /opt/venv /opt/venv
COPY api_schema ./api_schema
COPY backend ./backend
COPY workers ./workers
# Compressed once, here; the settings want secrets at every start, and this one keeps none.
ENV STATIC_ROOT=/srv/suhada/static
RUN SECRET_KEY=unused SIGNING_KEY=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= \
    DATABASE_URL=postgres://nobody@localhost/none REDIS_URL=redis://localhost \
    python -m backend.manage collectstatic --no-input

USER 10001:10001
EXPOSE 8000
# The web; the other services name their own command. No HEALTHCHECK here: worker and beat
# would inherit the web's.
CMD ["gunicorn", "--config", "python:backend.config.web", "--bind", "0.0.0.0:8000", \
     "--workers", "2", "--threads", "8"]
