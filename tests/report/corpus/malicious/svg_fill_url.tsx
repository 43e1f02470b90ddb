export default function Report({ data }) {
  return <svg><rect fill="url(https://evil.example/x.svg#a)" /></svg>;
}
