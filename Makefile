# make run    build, run the whole batch on the sample that ships, write out/
# make test   the whole suite
# make lint   gofmt, vet, staticcheck, import rules
# make e2e    open the outputs in real QGIS (installs it when it is missing)
# make bench  speed and memory
# make golden rewrite the golden files of the tests; read the diff
# make fuzz   a short run of every fuzz target
# make mutants  break the program on purpose, see that the suite notices (slow)

GO      ?= go
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)

.PHONY: run build test lint e2e bench golden fuzz mutants clean tools

run: build
	bin/spreewatch run --sample --out out || test $$? -eq 3

build: tools
	$(GO) build -trimpath -ldflags "-X main.version=$(VERSION)" -o bin/spreewatch ./cmd/spreewatch

tools:
	@command -v $(GO) >/dev/null || { echo "spreewatch needs Go 1.26 or newer: https://go.dev/dl" >&2; exit 1; }
	@command -v "$$($(GO) env CC | cut -d' ' -f1)" >/dev/null || { echo "spreewatch needs a C compiler, for SQLite and H3: on Debian, apt-get install gcc libc6-dev" >&2; exit 1; }
	@test "$$($(GO) env CGO_ENABLED)" = 1 || { echo "spreewatch needs cgo: CGO_ENABLED=1 make" >&2; exit 1; }

test: tools
	$(GO) test ./...

lint: tools
	.ci/lint

e2e: build
	.ci/e2e

bench: tools
	$(GO) test -run '^$$' -bench . -benchmem ./...

golden: tools
	$(GO) test ./cmd/... ./data/export/... ./data/intake/bulletin/... -update

fuzz: tools
	.ci/fuzz

mutants: tools
	$(GO) run ./.ci/mutants

clean:
	rm -rf bin out
