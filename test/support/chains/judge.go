// Verifies client chains by crypto/x509: one JSON object a line in, "ok" or why not a line out.
package main

import (
	"bufio"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"os"
	"strings"
	"time"
)

type presentation struct {
	Anchors []string  `json:"anchors"`
	Chain   []string  `json:"chain"`
	At      time.Time `json:"at"`
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<26)
	for lines.Scan() {
		if err := verify(lines.Bytes()); err != nil {
			fmt.Println(strings.ReplaceAll(err.Error(), "\n", " "))
		} else {
			fmt.Println("ok")
		}
	}
	if err := lines.Err(); err != nil {
		panic(err)
	}
}

func verify(line []byte) error {
	var given presentation
	if err := json.Unmarshal(line, &given); err != nil {
		panic(err)
	}
	roots, intermediates := x509.NewCertPool(), x509.NewCertPool()
	for _, text := range given.Anchors {
		// An anchor that cannot be read is no anchor.
		if certificate, err := parse(text); err == nil {
			roots.AddCert(certificate)
		}
	}
	leaf, err := parse(given.Chain[0])
	if err != nil {
		return err
	}
	for _, text := range given.Chain[1:] {
		certificate, err := parse(text)
		if err != nil {
			return err
		}
		intermediates.AddCert(certificate)
	}
	_, err = leaf.Verify(x509.VerifyOptions{
		Roots:         roots,
		Intermediates: intermediates,
		CurrentTime:   given.At,
		KeyUsages:     []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	})
	return err
}

func parse(text string) (*x509.Certificate, error) {
	block, _ := pem.Decode([]byte(text))
	return x509.ParseCertificate(block.Bytes)
}
