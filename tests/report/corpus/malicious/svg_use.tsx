export default function Report({ data }) {
  return <svg><use href="https://evil.example/x.svg#a" /></svg>;
}
