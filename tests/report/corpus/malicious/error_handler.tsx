export default function Report({ data }) {
  return <p onError="alert(1)">x</p>;
}
