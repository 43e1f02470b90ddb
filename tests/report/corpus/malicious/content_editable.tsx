export default function Report({ data }) {
  return <p contentEditable="true" />;
}
