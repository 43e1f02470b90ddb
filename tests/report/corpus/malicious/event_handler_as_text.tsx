export default function Report({ data }) {
  return <div onclick="alert(1)" />;
}
