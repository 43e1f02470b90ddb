export default function Report({ data }) {
  return <svg xlink:href="https://evil.example"><g /></svg>;
}
