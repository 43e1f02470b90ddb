export default class Report { render() { return null; } }
