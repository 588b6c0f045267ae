// Command portal runs Jalon's web application as a process of its own.
package main

import (
	"os"

	"jalon.dev/pkg/config"
	"jalon.dev/pkg/service"
	"jalon.dev/services/portal"
)

// environment is what the portal reads beside what every service does.
type environment struct {
	PublicURL   string `env:"JALON_PUBLIC_URL"`
	OperatorKey string `env:"JALON_OPERATOR_KEY"`
}

func main() {
	service.Main("portal", func(parts service.Parts) (service.Service, error) {
		env, err := config.Load[environment](os.Environ())
		if err != nil {
			return nil, err
		}
		return portal.New(parts, portal.Config{PublicURL: env.PublicURL, OperatorKey: env.OperatorKey})
	})
}
