# Your stdio server with sallyport as its parent, here in Python. Build the image "sallyport" first: see Dockerfile.
# Then build this one in the folder of your server:
#   docker build --platform linux/amd64 --file parent.Dockerfile --tag notes .

FROM sallyport AS sallyport

FROM python:3.13.9-slim-trixie@sha256:0222b795db95bf7412cede36ab46a266cfb31f632e64051aac9806dabf840a61
# Process 1 of a container has to reap ended processes. Node does not do so, and tini does.
RUN apt-get update && apt-get install --yes --no-install-recommends tini && rm -rf /var/lib/apt/lists/*
COPY --from=sallyport /nodejs /nodejs
COPY --from=sallyport /sallyport /sallyport
WORKDIR /server
COPY requirements.txt ./
RUN pip install --no-cache-dir --requirement requirements.txt
COPY server.py ./
ENV NODE_ENV=production PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
# It owns no file.
USER 65532:65532
EXPOSE 8080
ENTRYPOINT ["/usr/bin/tini", "--", "/nodejs/bin/node", "/sallyport/main.js"]
CMD ["run", "--", "python", "server.py"]
