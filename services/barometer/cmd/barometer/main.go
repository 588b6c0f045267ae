// Command barometer runs the service barometer in a process of its own.
package main

import (
	"os"

	"jalon.dev/pkg/config"
	"jalon.dev/pkg/service"
	"jalon.dev/services/barometer"
)

func main() {
	service.Main("barometer", func(parts service.Parts) (service.Service, error) {
		cfg, err := config.Load[barometer.Config](os.Environ())
		if err != nil {
			return nil, err
		}
		return barometer.New(parts, cfg)
	})
}
