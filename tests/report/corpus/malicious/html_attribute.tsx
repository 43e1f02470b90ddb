export default function Report({ data }) {
  return <p innerHTML="x" />;
}
