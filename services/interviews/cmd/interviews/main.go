// Command interviews runs the service interviews in a process of its own.
package main

import (
	"jalon.dev/pkg/service"
	"jalon.dev/services/interviews"
)

func main() {
	service.Main("interviews", func(parts service.Parts) (service.Service, error) {
		return interviews.New(parts, interviews.Config{})
	})
}
