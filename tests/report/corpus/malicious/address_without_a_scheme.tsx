export default function Report({ data }) {
  return <svg><rect fill="src(//evil.example/x.svg)" /></svg>;
}
