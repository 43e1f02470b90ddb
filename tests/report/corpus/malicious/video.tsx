export default function Report({ data }) {
  return <video src="https://evil.example/x" />;
}
