export default function Report({ data }) {
  return <p title="&#106;avascript">x</p>;
}
