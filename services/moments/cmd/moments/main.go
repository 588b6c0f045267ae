// Command moments runs the moments service in a process of its own.
package main

import (
	"os"

	"jalon.dev/pkg/config"
	"jalon.dev/pkg/service"
	"jalon.dev/services/moments"
)

func main() {
	service.Main("moments", func(parts service.Parts) (service.Service, error) {
		cfg, err := config.Load[moments.Config](os.Environ())
		if err != nil {
			return nil, err
		}
		return moments.New(parts, cfg)
	})
}
