export default function Report({ data }) {
  return <svg><image href="https://evil.example/x" /></svg>;
}
