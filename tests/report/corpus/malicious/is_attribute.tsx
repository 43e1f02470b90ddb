export default function Report({ data }) {
  return <p is="x-evil" />;
}
