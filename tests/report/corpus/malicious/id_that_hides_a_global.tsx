export default function Report({ data }) {
  return <div id="cookie" />;
}
