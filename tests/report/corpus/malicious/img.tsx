export default function Report({ data }) {
  return <img src="https://evil.example/pixel.gif" />;
}
