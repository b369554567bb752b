import { qmsg } from '../src/channels/qmsg';
import { credential } from '../src/hosts/n8n/credential';

export class CarillonQmsgApi extends credential(qmsg) {}
