import { xxtui } from '../src/services/xxtui/xxtui.channel';
import { credential } from '../src/hosts/n8n/credential';

export class CarillonXxtuiApi extends credential(xxtui) {}
