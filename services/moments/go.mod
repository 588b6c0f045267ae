module jalon.dev/services/moments

go 1.26.0

require (
	jalon.dev/pkg v0.0.0
	jalon.dev/proto v0.0.0
)

replace (
	jalon.dev/pkg => ../../pkg
	jalon.dev/proto => ../../proto
)
