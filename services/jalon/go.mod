module jalon.dev/services/jalon

go 1.26.0

require (
	jalon.dev/pkg v0.0.0
	jalon.dev/proto v0.0.0
	jalon.dev/services/barometer v0.0.0
	jalon.dev/services/directory v0.0.0
	jalon.dev/services/interviews v0.0.0
	jalon.dev/services/moments v0.0.0
	jalon.dev/services/notifications v0.0.0
	jalon.dev/services/portal v0.0.0
)

require (
	github.com/inconshreveable/mousetrap v1.1.0 // indirect
	github.com/spf13/cobra v1.10.2 // indirect
	github.com/spf13/pflag v1.0.9 // indirect
)

replace (
	jalon.dev/pkg => ../../pkg
	jalon.dev/proto => ../../proto
	jalon.dev/services/barometer => ../barometer
	jalon.dev/services/directory => ../directory
	jalon.dev/services/interviews => ../interviews
	jalon.dev/services/moments => ../moments
	jalon.dev/services/notifications => ../notifications
	jalon.dev/services/portal => ../portal
)
