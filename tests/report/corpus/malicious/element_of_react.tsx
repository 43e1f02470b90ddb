export default function Report({ data }) {
  return <React.Fragment><p>x</p></React.Fragment>;
}
