export default function Report({ data }) {
  return <div onClick={() => fetch("/x")} />;
}
