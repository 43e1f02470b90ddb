export default function Report({ data }) {
  return <p<any>>x</p>;
}
