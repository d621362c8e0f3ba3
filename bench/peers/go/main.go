// The reference in Go: httputil.ReverseProxy with a transport of golang.org/x/oauth2, which adds the bearer of client
// credentials. Usage: go-proxy PORT UPSTREAM_PORT
package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

func main() {
	upstream := "http://127.0.0.1:" + os.Args[2]
	target, err := url.Parse(upstream)
	if err != nil {
		panic(err)
	}
	config := clientcredentials.Config{ClientID: "bench", ClientSecret: "fake", TokenURL: upstream + "/token"}
	base := &http.Transport{MaxIdleConns: 256, MaxIdleConnsPerHost: 256, IdleConnTimeout: time.Minute}
	source := oauth2.ReuseTokenSource(nil, config.TokenSource(context.Background()))
	proxy := httputil.NewSingleHostReverseProxy(target)
	proxy.Transport = &oauth2.Transport{Source: source, Base: base}
	listener, err := net.Listen("tcp", "127.0.0.1:"+os.Args[1])
	if err != nil {
		panic(err)
	}
	fmt.Println("ready")
	panic(http.Serve(listener, proxy))
}
