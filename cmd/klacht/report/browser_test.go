//go:build pages

package report

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// browser is a headless Chromium, spoken to in its DevTools protocol over a
// pipe: messages in JSON, each ended by a zero byte. One tab is open in it.
type browser struct {
	t       testing.TB
	to      *os.File
	from    *bufio.Reader
	session string
	n       int

	// Said is what the page has put on the console, and what the browser has
	// against it: errors, warnings, refusals of the content security policy.
	Said []string
	// Asked holds the address of everything that was asked for, the page too.
	Asked []string
	loads int
}

// browse starts Chromium, and ends it with the test.
func browse(t testing.TB) *browser {
	t.Helper()
	program, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatal("these tests need chromium: make test-pages installs it on Debian")
	}
	in, to, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	from, out, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(program, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--hide-scrollbars",
		"--user-data-dir="+t.TempDir(), "--remote-debugging-pipe", "about:blank")
	c.Env = append(os.Environ(), "HOME="+t.TempDir())
	c.ExtraFiles = []*os.File{in, out} // 3 and 4, as the protocol has it
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	in.Close()
	out.Close()
	b := &browser{t: t, to: to, from: bufio.NewReader(from)}
	t.Cleanup(func() {
		b.session = ""
		_ = b.send("Browser.close", nil)
		ended := make(chan error, 1)
		go func() { ended <- c.Wait() }()
		select {
		case <-ended:
		case <-time.After(20 * time.Second):
			_ = c.Process.Kill()
			<-ended
		}
		to.Close()
		from.Close()
	})
	_ = from.SetReadDeadline(time.Now().Add(2 * time.Minute)) // a browser that hangs fails the test
	var target struct{ TargetID string }
	b.call("Target.createTarget", map[string]any{"url": "about:blank"}, &target)
	var attached struct{ SessionID string }
	b.call("Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &attached)
	b.session = attached.SessionID
	for _, domain := range []string{"Page", "Runtime", "Log", "Network", "Accessibility"} {
		b.call(domain+".enable", nil, nil)
	}
	b.width(900)
	return b
}

func (b *browser) send(method string, params any) error {
	b.n++
	message := map[string]any{"id": b.n, "method": method}
	if params != nil {
		message["params"] = params
	}
	if b.session != "" {
		message["sessionId"] = b.session
	}
	data, err := json.Marshal(message)
	if err == nil {
		_, err = b.to.Write(append(data, 0))
	}
	return err
}

// message is one that came from the browser.
type message struct {
	ID     int
	Method string
	Params json.RawMessage
	Result json.RawMessage
	Error  *struct{ Message string }
}

// next reads one message; of events it notes what matters.
func (b *browser) next() message {
	b.t.Helper()
	data, err := b.from.ReadBytes(0)
	if err != nil {
		b.t.Fatalf("the browser is gone: %v", err)
	}
	var m message
	if err := json.Unmarshal(bytes.TrimSuffix(data, []byte{0}), &m); err != nil {
		b.t.Fatal(err)
	}
	switch m.Method {
	case "Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded":
		b.Said = append(b.Said, m.Method+" "+string(m.Params))
	case "Network.requestWillBeSent":
		var p struct{ Request struct{ URL string } }
		_ = json.Unmarshal(m.Params, &p)
		b.Asked = append(b.Asked, p.Request.URL)
	case "Page.loadEventFired":
		b.loads++
	}
	return m
}

// call asks something of the browser and waits for the answer.
func (b *browser) call(method string, params, result any) {
	b.t.Helper()
	if err := b.send(method, params); err != nil {
		b.t.Fatal(err)
	}
	for id := b.n; ; {
		m := b.next()
		if m.ID != id {
			continue
		}
		if m.Error != nil {
			b.t.Fatalf("%s: %s", method, m.Error.Message)
		}
		if result != nil {
			if err := json.Unmarshal(m.Result, result); err != nil {
				b.t.Fatal(err)
			}
		}
		return
	}
}

// open shows a page, given as its bytes, and fails the test if the page says
// anything on the console or asks for anything but itself.
func (b *browser) open(html []byte) {
	b.t.Helper()
	path := filepath.Join(b.t.TempDir(), "page.html")
	if err := os.WriteFile(path, html, 0o600); err != nil {
		b.t.Fatal(err)
	}
	address := (&url.URL{Scheme: "file", Path: path}).String()
	b.Said, b.Asked = nil, nil
	loads := b.loads
	b.call("Page.navigate", map[string]any{"url": address}, nil)
	for b.loads == loads {
		b.next()
	}
	b.eval("1") // what was said while loading has come by then
	if len(b.Said) > 0 {
		b.t.Errorf("the page says on the console:\n%s", strings.Join(b.Said, "\n"))
	}
	if len(b.Asked) != 1 || b.Asked[0] != address {
		b.t.Errorf("the page asks for %q", b.Asked)
	}
}

// eval runs an expression of JavaScript on the page and returns what it gives,
// as JSON. The page itself needs no script, and allows none.
func (b *browser) eval(expression string) string {
	b.t.Helper()
	var r struct {
		Result           struct{ Value json.RawMessage }
		ExceptionDetails json.RawMessage
	}
	b.call("Runtime.evaluate", map[string]any{"expression": expression, "returnByValue": true}, &r)
	if r.ExceptionDetails != nil {
		b.t.Fatalf("%s: %s", expression, r.ExceptionDetails)
	}
	return string(r.Result.Value)
}

// screenshot returns the whole page as a PNG. With KLACHT_PICTURES set it is
// also kept in that folder, to be looked at.
func (b *browser) screenshot(name string) []byte {
	b.t.Helper()
	return b.picture("Page.captureScreenshot", map[string]any{"captureBeyondViewport": true}, name+".png")
}

// print returns the page as a PDF, as a person would print it on A4, and the
// number of its pages.
func (b *browser) print(name string) (pdf []byte, n int) {
	b.t.Helper()
	pdf = b.picture("Page.printToPDF", map[string]any{"preferCSSPageSize": true, "printBackground": true}, name+".pdf")
	return pdf, len(pdfPage.FindAll(pdf, -1))
}

var pdfPage = regexp.MustCompile(`/Type\s*/Page\b[^s]`)

func (b *browser) picture(method string, params any, name string) []byte {
	b.t.Helper()
	var r struct{ Data string }
	b.call(method, params, &r)
	data, err := base64.StdEncoding.DecodeString(r.Data)
	if err != nil {
		b.t.Fatal(err)
	}
	if len(data) < 1000 {
		b.t.Errorf("%s has only %d bytes", name, len(data))
	}
	if dir := os.Getenv("KLACHT_PICTURES"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			b.t.Fatal(err)
		}
	}
	return data
}

// dark shows the page as on a screen where people have asked for dark colours.
func (b *browser) dark(on bool) {
	b.t.Helper()
	value := "light"
	if on {
		value = "dark"
	}
	b.call("Emulation.setEmulatedMedia", map[string]any{"features": []map[string]string{{"name": "prefers-color-scheme", "value": value}}}, nil)
}

// width makes the window so many pixels wide: 390 is a phone.
func (b *browser) width(pixels int) {
	b.t.Helper()
	b.call("Emulation.setDeviceMetricsOverride", map[string]any{"width": pixels, "height": 1200, "deviceScaleFactor": 1, "mobile": false}, nil)
}

// onAPhone fails the test if on a phone anything lies outside the picture, or
// hides in a box that scrolls sideways, or has letters of less than 10 pixels. It
// keeps a picture, if that has a name.
func (b *browser) onAPhone(name string) {
	b.t.Helper()
	b.width(390)
	defer b.width(900)
	var wrong []string
	if err := json.Unmarshal([]byte(b.eval(phone)), &wrong); err != nil {
		b.t.Fatal(err)
	}
	for _, w := range wrong {
		b.t.Error("on a phone: " + w)
	}
	b.accessible()
	if name != "" {
		b.screenshot(name + "-phone")
	}
}

const phone = `(() => {
  const wrong = [];
  if (document.documentElement.scrollWidth > innerWidth) wrong.push("the page is wider than the window");
  for (const e of document.querySelectorAll("body *")) {
    const box = e.getBoundingClientRect(), style = getComputedStyle(e);
    if (!box.width || style.clipPath != "none" || e.closest(".unseen, thead")) continue;
    if (box.right > innerWidth + 1 || box.left < -1) wrong.push("cut off: " + e.tagName + " " + e.textContent.trim().slice(0, 40));
    if (!(e instanceof SVGElement) && style.overflowX != "visible" && e.scrollWidth > e.clientWidth) wrong.push("scrolls sideways: " + e.textContent.trim().slice(0, 40));
    if (![...e.childNodes].some(n => n.nodeType == 3 && n.textContent.trim())) continue;
    const scale = e.ownerSVGElement ? e.ownerSVGElement.getBoundingClientRect().width / e.ownerSVGElement.viewBox.baseVal.width : 1;
    const size = parseFloat(style.fontSize) * scale;
    if (size < 10) wrong.push("letters of " + size.toFixed(1) + " pixels: " + e.textContent.trim().slice(0, 40));
  }
  return wrong;
})()`

// accessible fails the test if the page cannot be used without seeing it well:
// a missing language or title, headings that skip a level, tables without
// headers, pictures without a text, text without enough contrast (4.5 to 1).
func (b *browser) accessible() {
	b.t.Helper()
	var wrong []string
	if err := json.Unmarshal([]byte(b.eval(accessibility)), &wrong); err != nil {
		b.t.Fatal(err)
	}
	for _, w := range wrong {
		b.t.Error("not accessible: " + w)
	}
	var tree struct {
		Nodes []struct {
			Ignored    bool
			Role, Name struct{ Value any }
		}
	}
	b.call("Accessibility.getFullAXTree", nil, &tree)
	for _, n := range tree.Nodes {
		role := fmt.Sprint(n.Role.Value)
		if name, _ := n.Name.Value.(string); !n.Ignored && (role == "image" || role == "img" || role == "heading") && name == "" {
			b.t.Errorf("not accessible: a reader of the screen finds a nameless %s", role)
		}
	}
}

const accessibility = `(() => {
  const wrong = [];
  if (!document.documentElement.lang) wrong.push("no language");
  if (!document.title) wrong.push("no title");
  if (document.querySelectorAll("h1").length != 1) wrong.push("not one h1");
  let level = 0;
  for (const h of document.querySelectorAll("h1,h2,h3,h4")) {
    const l = +h.tagName[1];
    if (l > level + 1) wrong.push("the heading " + h.textContent + " skips a level");
    level = l;
  }
  for (const t of document.querySelectorAll("table")) {
    if (!t.querySelector("th[scope=col]") || !t.caption && !t.getAttribute("aria-labelledby")) wrong.push("a table without headers or caption: " + t.textContent.slice(0, 40));
  }
  for (const s of document.querySelectorAll("svg")) {
    if (s.getAttribute("role") != "img" || !s.querySelector("title")?.textContent || !s.querySelector("desc")?.textContent) wrong.push("a chart without a text");
  }
  const c = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
  const rgb = css => { c.clearRect(0, 0, 1, 1); c.fillStyle = css; c.fillRect(0, 0, 1, 1); return [...c.getImageData(0, 0, 1, 1).data]; };
  const light = p => { const [r, g, b] = p.map(v => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4); return .2126 * r + .7152 * g + .0722 * b; };
  const under = e => { for (; e; e = e.parentElement) { const p = rgb(getComputedStyle(e).backgroundColor); if (p[3] == 255) return p; } return [255, 255, 255, 255]; };
  let texts = 0;
  for (const e of document.querySelectorAll("body *")) {
    if (![...e.childNodes].some(n => n.nodeType == 3 && n.textContent.trim()) || !e.getClientRects().length) continue;
    const style = getComputedStyle(e);
    const a = light(rgb(e instanceof SVGElement ? style.fill : style.color)), b = light(under(e));
    const contrast = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    texts++;
    if (contrast < 4.5) wrong.push("contrast of " + contrast.toFixed(1) + ": " + e.textContent.trim().slice(0, 40));
  }
  if (texts == 0) wrong.push("no text at all");
  return wrong;
})()`
