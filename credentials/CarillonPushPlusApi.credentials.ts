import { pushPlus } from '../src/services/pushPlus/pushPlus.channel';
import { credential } from '../src/hosts/n8n/credential';

export class CarillonPushPlusApi extends credential(pushPlus) {}
