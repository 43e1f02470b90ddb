export default function Report({ data }) {
  return <link rel="stylesheet" href="https://evil.example/x.css" />;
}
