# make run    build, run the whole batch on the sample that ships, write out/
# make test   the whole suite
# make lint   gofmt, vet, staticcheck, complexity, the rules of the house
# make e2e    open the outputs in real QGIS (installs it when it is missing)
# make bench  speed and memory
# make soak   365 nights of 300 reports behind a year of them, on one database (an hour)
# make kill   kill a run between every two steps and at KILLS=400 random moments, and print the tally
# make golden rewrite the golden files of the tests; read the diff
# make fuzz   every fuzz target, 2,000 times each
# make install  program, manual, completions and the unit of systemd, under PREFIX
# make release  a static Linux binary with checksums, an SBOM and every licence, in dist/
# make race   what works on every processor, under the race detector
# make beam   build cmd/beam, which runs on Apache Beam, and hold it against the program on a sample
# make mutants  break the program on purpose, see that the suite notices (slow)

GO      ?= go
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)

PREFIX  ?= /usr/local

.PHONY: run build test beam lint e2e bench soak kill golden fuzz race mutants install release clean tools

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

beam: build
	cd cmd/beam && $(GO) build -trimpath -o ../../bin/spreewatch-beam .
	.ci/beam

lint: tools
	.ci/lint

e2e: build
	.ci/e2e

bench: tools
	SPREEWATCH_MOST=$${SPREEWATCH_MOST:-1000000} $(GO) test -run '^$$' -bench . -benchmem -v ./...
	cd cmd/beam && $(GO) test -run '^$$' -bench . ./...

soak: tools
	SPREEWATCH_PAST=365 GOMAXPROCS=1 $(GO) test -run '^$$' -bench '^BenchmarkYear$$' -benchtime 1x -v -timeout 6h ./data/night

KILLS ?= 400

kill: tools
	SPREEWATCH_KILLS=$(KILLS) GOMAXPROCS=1 $(GO) test -count=1 -run '^TestKilled$$' -v -timeout 6h ./data/night

golden: tools
	$(GO) test ./cmd/... ./data/export/... ./data/intake/bulletin/... -update

race: tools
	$(GO) test -race ./cluster ./cluster/detect ./cluster/patrol ./cluster/risk ./cluster/scales ./geo/locate ./data ./data/export
	$(GO) test -race -run 'Sample|Public|Together|Ahead' ./data/night

fuzz: tools
	.ci/fuzz

mutants: tools
	$(GO) run ./.ci/mutants

install: build
	install -D -m 755 bin/spreewatch $(DESTDIR)$(PREFIX)/bin/spreewatch
	bin/spreewatch man $(DESTDIR)$(PREFIX)/share/man/man1
	install -d $(DESTDIR)$(PREFIX)/share/bash-completion/completions $(DESTDIR)$(PREFIX)/share/zsh/site-functions $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d
	bin/spreewatch completion bash >$(DESTDIR)$(PREFIX)/share/bash-completion/completions/spreewatch
	bin/spreewatch completion zsh >$(DESTDIR)$(PREFIX)/share/zsh/site-functions/_spreewatch
	bin/spreewatch completion fish >$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/spreewatch.fish
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/lib/systemd/system cmd/spreewatch/dist/spreewatch.service cmd/spreewatch/dist/spreewatch.timer

BINARY = dist/spreewatch-linux-$(shell $(GO) env GOARCH)

release: tools
	$(GO) mod verify
	mkdir -p dist
	$(GO) build -trimpath -tags netgo,osusergo,sqlite_omit_load_extension -ldflags "-s -w -X main.version=$(VERSION) -linkmode external -extldflags -static" -o $(BINARY) ./cmd/spreewatch
	$(GO) version -m $(BINARY) | .ci/sbom $(BINARY) $(VERSION) >dist/spreewatch.spdx.json
	$(GO) version -m $(BINARY) | .ci/licences >dist/LICENCES.txt
	cd dist && sha256sum $(notdir $(BINARY)) spreewatch.spdx.json LICENCES.txt >SHA256SUMS
	@ldd $(BINARY) 2>&1 | grep -q 'not a dynamic executable' || { echo "release: $(BINARY) is not static" >&2; exit 1; }
	@cd dist && sha256sum --check --quiet SHA256SUMS && ./$(notdir $(BINARY)) version

clean:
	rm -rf bin out dist
