// Applies the chosen colour theme before the first paint. Must stay a plain script of its own: inline scripts are forbidden.
try {
  var theme = localStorage.getItem('agenttrace.theme')
  if (theme === 'dark' || theme === 'light') document.documentElement.dataset.theme = theme
} catch {
  // Storage is blocked: follow the system.
}
