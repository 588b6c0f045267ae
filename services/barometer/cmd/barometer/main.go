// Command barometer runs the service barometer in a process of its own.
package main

import (
	"jalon.dev/pkg/service"
	"jalon.dev/services/barometer"
)

func main() {
	service.Main("barometer", func(parts service.Parts) (service.Service, error) {
		return barometer.New(parts, barometer.Config{})
	})
}
