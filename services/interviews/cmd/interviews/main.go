// Command interviews runs the service interviews in a process of its own.
package main

import (
	"os"

	"jalon.dev/pkg/config"
	"jalon.dev/pkg/service"
	"jalon.dev/services/interviews"
)

func main() {
	service.Main("interviews", func(parts service.Parts) (service.Service, error) {
		cfg, err := config.Load[interviews.Config](os.Environ())
		if err != nil {
			return nil, err
		}
		return interviews.New(parts, cfg)
	})
}
