module jalon.dev/services/barometer

go 1.26.0

require (
	jalon.dev/pkg v0.0.0
	jalon.dev/proto v0.0.0
)

require (
	github.com/stretchr/testify v1.12.1 // indirect
	pgregory.net/rapid v1.3.0 // indirect
)

replace (
	jalon.dev/pkg => ../../pkg
	jalon.dev/proto => ../../proto
)
