package main

import (
	"runtime"

	"github.com/spf13/cobra"
)

// newVersion is the command that tells which klacht this is.
func newVersion(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: a.T("tell which klacht this is"),
		Args:  a.exactly(0),
		RunE: func(*cobra.Command, []string) error {
			if a.json {
				return writeJSON(a.Out, struct {
					Version   string `json:"version"`
					BuildDate string `json:"build_date"`
					Go        string `json:"go"`
				}{a.Version, a.BuildDate, runtime.Version()})
			}
			s := "klacht " + a.Version
			if a.BuildDate != "" {
				s += " (" + a.BuildDate + ")"
			}
			a.println(s)
			return nil
		},
	}
}
