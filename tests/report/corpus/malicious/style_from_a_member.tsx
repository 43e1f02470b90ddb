export default function Report({ data }) {
  return <p style={data.fields}>x</p>;
}
