export default function Report({ data }) {
  return <p style="background: red">x</p>;
}
