export default function Report({ data }) {
  function Stat(props) {
    return <p>{props.label}: {props.value}</p>;
  }
  return (
    <Stat label="Interviews" value={data.interviews} />
  );
}
