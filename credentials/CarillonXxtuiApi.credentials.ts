import { xxtui } from '../src/channels/xxtui';
import { credential } from '../src/hosts/n8n/credential';

export class CarillonXxtuiApi extends credential(xxtui) {}
